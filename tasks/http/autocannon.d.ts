/** What tejun uses of autocannon 9, which has no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Options {
    url: string;
    connections: number;
    /** Requests in all. */
    amount: number;
    /** Seconds. */
    timeout: number;
    /** Milliseconds between two samples of the throughput; also how late the end is noticed. */
    sampleInt: number;
    /** Ends the run after so many errors. */
    bailout?: number;
  }

  interface Result {
    errors: number;
    timeouts: number;
    non2xx: number;
    /** Seconds. */
    duration: number;
  }

  /** `response` (client, status, bytes, ms) for each answer; `reqError` for each request without one. */
  interface Instance extends EventEmitter {
    stop(): void;
  }

  export default function autocannon(options: Options, done: (error: Error | null, result: Result) => void): Instance;
}
