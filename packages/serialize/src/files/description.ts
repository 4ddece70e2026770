import { FORMAT_VERSION } from '../binary/format.js';
import { expectOptions } from '../checks/arguments.js';
import { type Limits, resolveLimits } from '../checks/limits.js';
import { type Codec, codecOf } from '../codec.js';
import { AnyTypes } from '../models/anyTypes.js';

/** What a model file holds, told without its classes. */
export interface FileDescription {
  readonly form: 'binary' | 'json';
  /** The version of the format. */
  readonly formatVersion: number;
  /** The types of the models in the file, with how many there are of each; a shared model counts once. */
  readonly types: readonly { readonly name: string; readonly version: number; readonly count: number }[];
  /** The value, in which each model is a {@link DescribedModel}. */
  readonly value: unknown;
}

/** Reads with `load`, which is given a codec that knows any type. */
export async function descriptionOf(
  load: (codec: Codec) => Promise<unknown>,
  options: { readonly limits?: Partial<Limits> },
): Promise<FileDescription> {
  const limits = resolveLimits(expectOptions('describeFile', options, ['limits']).limits);
  const types = new AnyTypes();
  let form: FileDescription['form'] = 'binary';
  const codec = codecOf({ registry: types, limits, allowCycles: true }, '', []);
  const value = await load({
    ...codec,
    parse: (text) => {
      form = 'json';
      return codec.parse(text);
    },
  });
  return { form, formatVersion: FORMAT_VERSION, types: types.found, value };
}
