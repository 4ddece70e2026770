import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/dml.ts', 'src/fitOnThread.ts'],
  format: 'esm',
  target: 'es2022',
  clean: true,
});
