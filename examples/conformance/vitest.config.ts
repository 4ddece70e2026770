import { defineConfig } from 'vitest/config';

// Ranks want the cores to themselves: one job at a time.
export default defineConfig({ test: { fileParallelism: false } });
