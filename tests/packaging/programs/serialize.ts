import { CodecError, createCodec } from '@dml/serialize';

class Interval {
  static readonly typeName = 'Interval';
  static readonly typeVersion = 1;
  constructor(
    readonly low: number,
    readonly high: number,
  ) {}
  static fromJSON(fields: Record<string, unknown>): Interval {
    return new Interval(Number(fields.low), Number(fields.high));
  }
  toJSON(): object {
    return { type: 'Interval', low: this.low, high: this.high };
  }
}

const codec = createCodec({ types: [Interval] });
const bytes: Uint8Array = codec.encode(new Map([['all', new Interval(-0, Infinity)]]));
const decoded = codec.decode(bytes);
const interval: unknown = decoded instanceof Map ? decoded.get('all') : undefined;

let refusal = '';
try {
  codec.decode(bytes.subarray(0, bytes.length - 1));
} catch (error) {
  if (error instanceof CodecError) refusal = error.name;
}
const exact = interval instanceof Interval && Object.is(interval.low, -0) && interval.high === Infinity;
console.log(JSON.stringify({ exact, refusal }));
