import { describe, expect, it } from 'vitest';
import { filesNamed, labelPath, sharedService } from '../http/service-under-test.ts';

const service = sharedService();
const html = { accept: 'text/html' };
const page = (path: string) => service.ask('GET', path, undefined, html);
const put = (name: string, source: object = { kind: 'push' }) =>
  service.ask('PUT', labelPath(name), { source });

describe('the overview', () => {
  it('says what to do where there is no label', async () => {
    const { text } = await page('/');
    expect(text).toContain('No label is registered yet.');
    expect(text).toContain('underlabel label add');
  });

  it('shows each label with what is under it, the unreadable first', async () => {
    await put('a/first');
    await service.ask('POST', labelPath('a/first', '/observations'), { files: filesNamed('a') });
    await put('z/unreadable', { kind: 'manifest', url: 'https://127.0.0.1:1/manifest.json' });
    await service.ask('POST', labelPath('z/unreadable', '/observations'));
    await put('b/never-read');
    const at = new Date().toISOString();
    const traces = [{ label: 'a/first', startedAt: at, endedAt: at, decision: 'HOLD' }];
    await service.ask('POST', '/api/v1/traces', { traces });
    const { text } = await page('/');
    expect(text.indexOf('z/unreadable')).toBeLessThan(text.indexOf('a/first'));
    expect(text.indexOf('a/first')).toBeLessThan(text.indexOf('b/never-read'));
    expect(text).toContain('model.onnx');
    expect(text).toContain('unchecked');
    expect(text).toContain('1 change');
    expect(text).toContain('1: unobserved 1');
    expect(text).toContain('not known');
    expect(text).toContain('1 failing');
    expect(text).not.toContain('style=');
  });

  it('finds labels by a part of their name, or a glob', async () => {
    for (const query of ['?q=first', '?q=a/*']) {
      const { text } = await page(`/${query}`);
      expect(text).toContain('href="/labels/a%2Ffirst"');
      expect(text).not.toContain('b%2Fnever-read');
    }
    expect((await page('/?q=%22%3E%3Cb%3E')).text).not.toContain('<b>');
  });

  it('has the labels that are not watched any more on a page of their own', async () => {
    await put('c/gone');
    await service.ask('DELETE', labelPath('c/gone'));
    expect((await page('/')).text).not.toContain('c%2Fgone');
    const { text } = await page('/?removed=yes');
    expect(text).toContain('c%2Fgone');
    expect(text).toContain('not watched since');
  });

  it('says that a page is past the end, and not that there are no labels', async () => {
    const { text } = await page('/?page=99&q=first');
    expect(text).toContain('The list has no such page.');
    expect(text).toContain('href="/?q=first"');
  });
});
