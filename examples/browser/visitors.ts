/** What the example pretends to have observed: short visits from phones, long ones from desks. */
import { CategoricalDistribution, GaussianDistribution, MixtureDistribution, RecordDistribution } from '@dml/stats';

const visitor = (minutes: number, phone: number) =>
  new RecordDistribution({
    minutes: new GaussianDistribution({ mu: minutes, sigma2: 4 }),
    device: new CategoricalDistribution<string>({ phone, desk: 1 - phone }),
  });

export const visitors = new MixtureDistribution([visitor(3, 0.9), visitor(14, 0.2)], { w: [0.6, 0.4] });
