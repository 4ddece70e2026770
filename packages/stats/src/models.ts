// Every family, by topic. A new family adds one line here, and is then exported and known to `modelTypes`.

// Leaf families
export * from './families/categorical.js';
export * from './families/gaussian.js';

// Combinators
export * from './combinators/composite.js';
export * from './combinators/optional.js';
export * from './combinators/record.js';

// Latent models
export * from './latent/mixture.js';
