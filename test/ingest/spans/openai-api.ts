/** The API of a model, as far as openai-app.cjs asks it: chat, embeddings, responses, and a model that is gone. */
import type { RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';

const ANSWERS: { [path: string]: unknown } = {
  '/v1/embeddings': {
    object: 'list',
    model: 'text-embedding-3-small',
    data: [{ object: 'embedding', index: 0, embedding: [0.5, 0.25] }],
    usage: { prompt_tokens: 1, total_tokens: 1 },
  },
  '/v1/responses': {
    id: 'resp_1',
    object: 'response',
    model: 'gpt-4o-2024-08-06',
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
      },
    ],
    usage: { input_tokens: 5, output_tokens: 1, total_tokens: 6 },
  },
};
const CHAT = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi' } }],
  usage: { prompt_tokens: 8, completion_tokens: 1, total_tokens: 9 },
};

export const openAi: RequestListener = async (request, response) => {
  const { model } = JSON.parse(String(await buffer(request))) as { model: string };
  const answer = request.url === '/v1/chat/completions' ? CHAT : ANSWERS[request.url!];
  response.writeHead(model === 'gone' ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(model === 'gone' ? { error: { message: 'gone' } } : answer));
};
