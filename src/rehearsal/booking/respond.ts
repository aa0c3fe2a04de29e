import type { ServerResponse } from 'node:http';

/** What a route answers: a status and a JSON body. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Sends `answer` as JSON. */
export function respond(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(`${JSON.stringify(answer.body)}\n`);
  response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
