/** The other side of parse-thread.ts: a body a message, each answered before the next is looked at. */
import { parentPort } from 'node:worker_threads';
import { readBatch } from './native.ts';
import {
  type ParseAnswer,
  type ParseRequest,
  packBatch,
  packError,
  packSpans,
} from './parse-message.ts';
import { parseSpans } from './spans/parsed-spans.ts';

parentPort!.on('message', (request: ParseRequest) => {
  const answer = answerTo(request);
  const moved = 'traces' in answer ? [answer.traces.bytes.bytes.buffer] : [];
  parentPort!.postMessage(answer, moved);
});

function answerTo(request: ParseRequest): ParseAnswer {
  try {
    return request.kind === 'native'
      ? packBatch(readBatch(request))
      : packSpans(parseSpans(request));
  } catch (cause) {
    return packError(cause);
  }
}
