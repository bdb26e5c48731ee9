import type { RequestListener } from 'node:http';
import { Command } from 'commander';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { addLabelAdd } from '../../src/cli/commands/label-add.ts';
import { sourceSpec } from '../../src/contract/label.ts';
import { answering } from './answering.ts';

const REGISTRY = `0x${'7a'.repeat(32)}::registry::Registry`;

/** Runs `label add x ARGS` against a service that takes anything. @returns the source it was sent */
async function added(...args: string[]): Promise<unknown> {
  let source: unknown;
  const take: RequestListener = async (request, response) => {
    ({ source } = JSON.parse((await request.toArray()).join('')));
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ name: 'x', source, every: '30s' }));
  };
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const exitCode = process.exitCode;
  onTestFinished(() => {
    printed.mockRestore();
    process.exitCode = exitCode;
  });
  const program = new Command().exitOverride();
  addLabelAdd(program);
  const command = program.commands[0]!.exitOverride().configureOutput({ writeErr: () => {} });
  expect(command.name()).toBe('add');
  const url = await answering(take);
  await program.parseAsync(['add', 'x', '--url', url, ...args], { from: 'user' });
  return source;
}

const SUI = ['--source', 'sui-object', '--object', '0x7'];

describe('label add, of a label kept on Sui,', () => {
  it.each([
    [[], {}],
    [['--path', 'a.onnx', '--network', 'testnet'], { path: 'a.onnx', network: 'testnet' }],
    [['--attribute', 'next'], { attribute: 'next' }],
    [['--type', REGISTRY, '--field', 'models.latest'], { type: REGISTRY, field: 'models.latest' }],
    [
      ['--dynamic-field', '0x1::string::String=a=b'],
      { dynamicField: { type: '0x1::string::String', value: 'a=b' } },
    ],
    [
      ['--dynamic-field', 'vector<u8>=', '--field', 'blob'],
      { dynamicField: { type: 'vector<u8>', value: '' }, field: 'blob' },
    ],
    [
      ['--type', REGISTRY, '--dynamic-field', 'u64=7', '--dynamic-field-in', 'versions'],
      { type: REGISTRY, dynamicField: { type: 'u64', value: '7', in: 'versions' } },
    ],
  ])('sends what %j say', async (args, said) => {
    const source = await added(...SUI, ...args);
    expect(source).toEqual({ kind: 'sui-object', object: '0x7', ...said });
    expect(sourceSpec.safeParse(source).success).toBe(true);
  });

  it.each([
    [['--source', 'sui-object'], 'needs --object'],
    [[...SUI, '--model', 'm'], '--model says nothing about a sui-object source'],
    [[...SUI, '--dynamic-field', 'latest'], 'TYPE=VALUE'],
    [[...SUI, '--dynamic-field-in', 'versions'], 'without --dynamic-field'],
    [
      [
        '--source',
        'manifest',
        '--manifest-url',
        'https://a.example/m.json',
        '--network',
        'mainnet',
      ],
      '--network says nothing about a manifest source',
    ],
  ])('refuses %j before anything is asked', async (args, words) => {
    await expect(added(...args)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(words),
    });
  });
});

describe('label add, of the other kinds,', () => {
  it('sends what it did', async () => {
    const hub = ['--source', 'model-hub', '--model', 'm', '--version', '1.0', '--files', '*.onnx'];
    expect(await added(...hub)).toEqual({
      kind: 'model-hub',
      model: 'm',
      version: '1.0',
      files: '*.onnx',
    });
    const manifest = ['--source', 'manifest', '--manifest-url', 'https://a.example/m.json'];
    expect(await added(...manifest)).toEqual({ kind: 'manifest', url: 'https://a.example/m.json' });
    expect(await added('--source', 'push')).toEqual({ kind: 'push' });
  });
});
