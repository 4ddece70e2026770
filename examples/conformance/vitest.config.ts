import { defineConfig } from 'vitest/config';

// Ranks want the cores to themselves: one job at a time, and two of those with faults, which wait more than they compute.
export default defineConfig({ test: { fileParallelism: false, maxConcurrency: 2 } });
