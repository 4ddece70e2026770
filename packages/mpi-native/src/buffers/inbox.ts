/** Which message goes to which receive: the one that was started first among those that it fits, in order of arrival. */
import { ANY_SOURCE, ANY_TAG, type NumericArray } from '../contract/messages.js';
import { rejectMisfit } from './receipt.js';

/** What a message is, or what a receive wants. A wanted source or tag may be a wildcard. */
export interface Envelope {
  /** Number of the communicator. */
  readonly group: number;
  readonly source: number;
  readonly tag: number;
}

/** A message that no receive has taken. */
export interface Message extends Envelope {
  readonly bytes: Uint8Array;
}

/** A message of so many bytes, which a receive got or may get. */
export interface Delivery {
  readonly source: number;
  readonly tag: number;
  readonly bytes: number;
}

/** A receive that was started. */
export interface Receive extends Envelope {
  readonly buf: NumericArray;
  result: Delivery | null;
  /** Only lets one message in that it fits, and does not take it. */
  readonly isProbe: boolean;
}

/** The messages and the receives of one rank that have not met. */
export class Inbox {
  #messages: Message[] = [];
  #receives: Receive[] = [];

  /** Starts a receive, which may end at once. */
  post(buf: NumericArray, wanted: Envelope): Receive {
    const { group, source, tag } = wanted;
    const receive: Receive = { group, source, tag, buf, result: null, isProbe: false };
    const index = this.#messages.findIndex((arrived) => matches(wanted, arrived));
    if (index < 0) this.#receives.push(receive);
    else fill(receive, this.#messages.splice(index, 1)[0] as Message); // in range
    return receive;
  }

  /** Lets messages in until one fits, for a look at it. To be withdrawn. */
  openFor(wanted: Envelope): Receive {
    const receive: Receive = { ...wanted, buf: new Uint8Array(0), result: null, isProbe: true };
    this.#receives.push(receive);
    return receive;
  }

  /** The receive that a message goes to, if there is one; no other message can have it then. */
  claim(message: Envelope): Receive | null {
    for (let index = 0; index < this.#receives.length; index++) {
      const receive = this.#receives[index] as Receive; // in range
      if (receive.isProbe || !matches(receive, message)) continue;
      this.#receives.splice(index, 1);
      return receive;
    }
    return null;
  }

  /** Ends a receive that has no message yet. */
  withdraw(receive: Receive): void {
    this.#receives = this.#receives.filter((started) => started !== receive);
  }

  /** Takes in a whole message. */
  deliver(message: Message): void {
    const receive = this.claim(message);
    if (receive !== null) {
      fill(receive, message);
      return;
    }
    this.#messages.push(message);
    this.#receives = this.#receives.filter((wanted) => !wanted.isProbe || !matches(wanted, message));
  }

  /** A message that fits and that no receive has taken. */
  find(wanted: Envelope): Delivery | null {
    const message = this.#messages.find((arrived) => matches(wanted, arrived));
    return message === undefined ? null : { ...message, bytes: message.bytes.length };
  }

  /** Whether a receive waits for a message. */
  get isWaiting(): boolean {
    return this.#receives.length > 0;
  }

  /** Whether a receive waits for a message from this rank. */
  awaits(source: number): boolean {
    return this.#receives.some((wanted) => wanted.source === source || wanted.source === ANY_SOURCE);
  }

  /** Forgets the messages of a group that was freed. */
  forget(group: number): void {
    this.#messages = this.#messages.filter((message) => message.group !== group);
  }
}

/**
 * What an ended receive got.
 * @throws {MpiError} `ERR_TRUNCATE`, `ERR_TYPE`
 */
export function deliveryOf({ result, buf }: Receive, call: string): Delivery {
  const delivery = result as Delivery; // the receive has ended
  rejectMisfit(delivery.bytes, buf, call);
  return delivery;
}

function fill(receive: Receive, { bytes, source, tag }: Message): void {
  const { buf } = receive;
  const fits = bytes.length <= buf.byteLength;
  if (fits && bytes.length > 0) new Uint8Array(buf.buffer, buf.byteOffset, bytes.length).set(bytes);
  receive.result = { source, tag, bytes: bytes.length };
}

function matches(wanted: Envelope, message: Envelope): boolean {
  if (wanted.group !== message.group) return false;
  if (wanted.source !== ANY_SOURCE && wanted.source !== message.source) return false;
  return wanted.tag === message.tag || (wanted.tag === ANY_TAG && message.tag >= 0);
}
