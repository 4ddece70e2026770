#!/usr/bin/env node
import { dmlRun } from '../dist/dmlRun.js';

dmlRun(process.argv.slice(2));
