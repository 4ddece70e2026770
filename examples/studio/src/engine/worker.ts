/** The worker: requests in, answers out. */
import type { Request } from '../protocol.js';
import { Engine } from './engine.js';

const engine = new Engine((answer) => postMessage(answer));
addEventListener('message', ({ data }: MessageEvent<Request>) => void engine.handle(data));
