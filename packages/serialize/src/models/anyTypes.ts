import type { Fields, RegisteredType, TypeLookup } from './registry.js';

/** A model of a file that was read without its class: the name and version of its type, and its fields. */
export class DescribedModel {
  /** @param fields  parameters by name; children are described models too */
  constructor(
    readonly type: string,
    readonly version: number,
    readonly fields: Fields,
  ) {}
}

/** Reads models of any type as {@link DescribedModel}, and counts them. Nothing of the file is checked by a constructor. */
export class AnyTypes implements TypeLookup {
  readonly #types = new Map<string, RegisteredType>();
  readonly #counts = new Map<string, { readonly name: string; readonly version: number; count: number }>();

  /** Each type and version of the file, in the order in which their first models were complete. */
  get found(): readonly { readonly name: string; readonly version: number; readonly count: number }[] {
    return [...this.#counts.values()];
  }

  named(name: string): RegisteredType {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const type: RegisteredType = {
      name,
      version: Number.MAX_SAFE_INTEGER,
      // Which fields the type has is not known, so none is unknown.
      is: () => false,
      fieldsOf: (value) => value,
      fromJSON: (fields, version) => {
        this.#count(name, version);
        return new DescribedModel(name, version, fields);
      },
      typeAmongFields: false,
      heldNames: new Set(),
    };
    this.#types.set(name, type);
    return type;
  }

  of(): undefined {
    return undefined;
  }

  #count(name: string, version: number): void {
    const key = `${version} ${name}`;
    const counted = this.#counts.get(key);
    if (counted === undefined) this.#counts.set(key, { name, version, count: 1 });
    else counted.count++;
  }
}
