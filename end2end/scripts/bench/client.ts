// A plain HTTP/1.1 client that keeps its connections, on node:http: `fetch` costs more than the server for large bodies.
import { Agent, request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { PORT, PUBLIC_URL } from '../../fixtures/server.ts';

export interface Call {
  method?: 'GET' | 'POST';
  path: string;
  headers?: OutgoingHttpHeaders;
  /** A whole body, or pieces of one whose length the headers say. */
  body?: Buffer | string | Iterable<Buffer>;
  /** Counts the body and throws it away. */
  discard?: boolean;
  /** What the answer must be; 200 unless told. */
  status?: number;
}

export interface Answer {
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Bytes of the body. */
  bytes: number;
  /** Milliseconds from the call to the body's first byte, and to its last. */
  first: number;
  ms: number;
}

export class Client {
  readonly #agent: Agent;

  /** At most so many connections; calls beyond them wait. */
  constructor(connections: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Any answer but the expected one is an error: a refusal must not be measured as a quick success. */
  send(call: Call): Promise<Answer> {
    return new Promise((done, failed) => {
      const begun = performance.now();
      const method = call.method ?? (call.body === undefined ? 'GET' : 'POST');
      const expected = call.status ?? 200;
      const whole = typeof call.body === 'string' || Buffer.isBuffer(call.body);
      const headers = {
        host: new URL(PUBLIC_URL).host,
        ...(whole ? { 'content-length': Buffer.byteLength(call.body as string | Buffer) } : {}),
        ...call.headers,
      };
      // The address and not the name: no look-up, and no second try where `localhost` is `::1` first.
      const out = request({ host: '127.0.0.1', port: PORT, agent: this.#agent, method, path: call.path, headers }, (response) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        let first = Number.NaN;
        response.on('data', (piece: Buffer) => {
          if (bytes === 0) first = performance.now() - begun;
          bytes += piece.length;
          if (!call.discard || response.statusCode !== expected) pieces.push(piece);
        });
        response.once('error', failed);
        response.once('end', () => {
          const body = Buffer.concat(pieces);
          if (response.statusCode === expected) done({ headers: response.headers, body, bytes, first, ms: performance.now() - begun });
          else failed(new Error(`${method} ${call.path}: ${response.statusCode} ${body.subarray(0, 300).toString()}`));
        });
      });
      out.once('error', failed);
      if (whole || call.body === undefined) out.end(call.body);
      else Readable.from(call.body as Iterable<Buffer>, { objectMode: true, highWaterMark: 1 }).pipe(out);
    });
  }

  /** A call whose body and answer are JSON. */
  async json<T>(path: string, body?: unknown, headers: OutgoingHttpHeaders = {}): Promise<T> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const kind = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.send({ path, headers: { accept: 'application/json', ...kind, ...headers }, ...sent });
    return JSON.parse(answer.body.toString()) as T;
  }
}
