// Every family, by topic. A new family adds one line here, and is then exported and known to `modelTypes`.

// Leaf families
export * from './families/categorical.js';
export * from './families/gaussian.js';

// Combinators
export * from './combinators/composite.js';
export * from './combinators/ignored.js';
export * from './combinators/null.js';
export * from './combinators/optional.js';
export * from './combinators/record.js';
export * from './combinators/sequence.js';
export * from './combinators/weighted.js';

// Latent models
export * from './latent/heterogeneousMixture.js';
export * from './latent/hiddenMarkov/model.js';
export * from './latent/markovChain.js';
export * from './latent/mixture.js';
