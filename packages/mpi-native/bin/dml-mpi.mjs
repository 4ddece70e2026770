#!/usr/bin/env node
import { dmlMpi } from '../dist/dmlMpi.js';

process.exitCode = dmlMpi(process.argv.slice(2), console.log);
