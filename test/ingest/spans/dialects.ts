/**
 * One conversation, as each dialect tells it: a system message, a question, a call of a tool, its
 * answer; and the model's words. Ids of calls, counts and times differ, as they do between runs.
 */
import type { AnyValue, OtlpSpan } from '../../../src/ingest/otlp/span.ts';
import { spanWith } from './span.ts';

const SYSTEM = 'You are a clerk.';
const QUESTION = 'Weather in Zürich?';
const CITY = { city: 'Zürich' };
const ANSWER = '{"rain": true}';
const WORDS = 'It rains.';

/** What each of them says, in the one form. */
export const INPUT = [
  { role: 'system', parts: [{ type: 'text', content: SYSTEM }] },
  { role: 'user', parts: [{ type: 'text', content: QUESTION }] },
  {
    role: 'assistant',
    parts: [{ type: 'tool_call', id: '1', name: 'weather', arguments: CITY }],
  },
  { role: 'tool', parts: [{ type: 'tool_call_response', id: '1', response: ANSWER }] },
];
export const OUTPUT = [
  { role: 'assistant', finish_reason: 'stop', parts: [{ type: 'text', content: WORDS }] },
];

const messages = (id: string) => [
  { role: 'user', parts: [{ type: 'text', content: QUESTION }] },
  { role: 'assistant', parts: [{ type: 'tool_call', id, name: 'weather', arguments: CITY }] },
  { role: 'tool', parts: [{ type: 'tool_call_response', id, response: ANSWER }] },
];
const system = { role: 'system', parts: [{ type: 'text', content: SYSTEM }] };
const said = [
  { role: 'assistant', parts: [{ type: 'text', content: WORDS }], finish_reason: 'stop' },
];

const genAi = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.usage.input_tokens': 52,
  'gen_ai.usage.output_tokens': 47,
  'gen_ai.conversation.id': 'conv-7',
  'gen_ai.request.temperature': 0.5,
  'gen_ai.response.finish_reasons': ['stop'],
};
const older = {
  'llm.request.type': 'chat',
  'gen_ai.system': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.usage.prompt_tokens': 52,
  'gen_ai.usage.completion_tokens': 47,
  'llm.usage.total_tokens': 99,
};
const openInference = {
  'openinference.span.kind': 'LLM',
  'llm.provider': 'openai',
  'llm.model_name': 'gpt-4o-2024-08-06',
  'llm.invocation_parameters': '{"model":"gpt-4o","temperature":0.5}',
  'llm.token_count.prompt': 52,
  'llm.token_count.completion': 47,
  'llm.token_count.total': 99,
  'session.id': 'conv-7',
  'llm.finish_reason': 'stop',
};

const openAiMessages = [
  { role: 'system', content: SYSTEM },
  { role: 'user', content: [{ type: 'text', text: QUESTION }] },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      {
        id: 'call_w',
        type: 'function',
        function: { name: 'weather', arguments: JSON.stringify(CITY) },
      },
    ],
  },
  { role: 'tool', tool_call_id: 'call_w', content: ANSWER },
];

export const DIALECTS: { [name: string]: OtlpSpan } = {
  'structured messages': spanWith({
    ...genAi,
    'gen_ai.input.messages': [system, ...messages('call_a')],
    'gen_ai.output.messages': said,
  }),
  'messages as JSON, instructions apart': spanWith({
    ...genAi,
    'gen_ai.system_instructions': JSON.stringify(system.parts, null, 1),
    'gen_ai.input.messages': JSON.stringify(messages('call_b')),
    'gen_ai.output.messages': JSON.stringify(said),
  }),
  'messages on the details event': spanWith(genAi, {
    told: [
      [
        'gen_ai.client.inference.operation.details',
        {
          'gen_ai.system_instructions': [{ type: 'text', content: SYSTEM }],
          'gen_ai.input.messages': messages('call_c'),
          'gen_ai.output.messages': said,
        },
      ],
    ],
  }),
  'message events, fields': spanWith(genAi, {
    told: [
      ['gen_ai.system.message', { 'gen_ai.system': 'openai', content: SYSTEM }],
      ['gen_ai.user.message', { content: QUESTION }],
      [
        'gen_ai.assistant.message',
        {
          'tool_calls.0.id': 'call_d',
          'tool_calls.0.type': 'function',
          'tool_calls.0.function.name': 'weather',
          'tool_calls.0.function.arguments': JSON.stringify(CITY),
        },
      ],
      ['gen_ai.tool.message', { id: 'call_d', content: ANSWER }],
      [
        'gen_ai.choice',
        { index: 0, finish_reason: 'stop', 'message.role': 'assistant', 'message.content': WORDS },
      ],
    ],
  }),
  'message events, bodies as JSON': spanWith(genAi, {
    told: [
      ...openAiMessages.map((message): [string, { [key: string]: AnyValue }] => [
        `gen_ai.${message.role}.message`,
        { 'gen_ai.event.content': JSON.stringify(message) },
      ]),
      [
        'gen_ai.choice',
        {
          'gen_ai.event.content': JSON.stringify({
            index: 0,
            finish_reason: 'stop',
            message: { role: 'assistant', content: WORDS },
          }),
        },
      ],
    ],
  }),
  'flattened prompts': spanWith({
    ...older,
    'gen_ai.prompt.0.role': 'system',
    'gen_ai.prompt.0.content': SYSTEM,
    'gen_ai.prompt.1.role': 'user',
    'gen_ai.prompt.1.content': JSON.stringify([{ type: 'text', text: QUESTION }]),
    'gen_ai.prompt.2.role': 'assistant',
    'gen_ai.prompt.2.content': '',
    'gen_ai.prompt.2.tool_calls.0.id': 'call_e',
    'gen_ai.prompt.2.tool_calls.0.name': 'weather',
    'gen_ai.prompt.2.tool_calls.0.arguments': JSON.stringify(CITY),
    'gen_ai.prompt.3.role': 'tool',
    'gen_ai.prompt.3.content': ANSWER,
    'gen_ai.prompt.3.tool_call_id': 'call_e',
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': WORDS,
    'gen_ai.completion.0.finish_reason': 'stop',
  }),
  'whole prompts on events': spanWith(older, {
    told: [
      ['gen_ai.content.prompt', { 'gen_ai.prompt': JSON.stringify(openAiMessages) }],
      [
        'gen_ai.content.completion',
        {
          'gen_ai.completion': JSON.stringify([
            { role: 'assistant', content: WORDS, finish_reason: 'stop' },
          ]),
        },
      ],
    ],
  }),
  OpenInference: spanWith({
    ...openInference,
    'input.value': JSON.stringify({ model: 'gpt-4o', messages: openAiMessages }),
    'input.mime_type': 'application/json',
    'llm.input_messages.0.message.role': 'system',
    'llm.input_messages.0.message.content': SYSTEM,
    'llm.input_messages.1.message.role': 'user',
    'llm.input_messages.1.message.contents.0.message_content.type': 'text',
    'llm.input_messages.1.message.contents.0.message_content.text': QUESTION,
    'llm.input_messages.2.message.role': 'assistant',
    'llm.input_messages.2.message.tool_calls.0.tool_call.id': 'call_f',
    'llm.input_messages.2.message.tool_calls.0.tool_call.function.name': 'weather',
    'llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments': JSON.stringify(CITY),
    'llm.input_messages.3.message.role': 'tool',
    'llm.input_messages.3.message.content': ANSWER,
    'llm.input_messages.3.message.tool_call_id': 'call_f',
    'llm.output_messages.0.message.role': 'assistant',
    'llm.output_messages.0.message.content': WORDS,
  }),
};
