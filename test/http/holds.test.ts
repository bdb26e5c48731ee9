/** Holds: set by whoever may, and told of until they are lifted. */
import { describe, expect, it } from 'vitest';
import { hold } from '../../src/contract/hold.ts';
import { expectFields, expectProblem } from './problems.ts';
import { labelPath, serviceUnderTest, sharedService } from './service-under-test.ts';

const service = sharedService();
const path = (name: string) => `/api/v1/holds/${name}`;
const put = (name: string, body: object) => service.ask('PUT', path(name), body);
const known = async (label: string) =>
  service.ask('PUT', labelPath(label), { source: { kind: 'push' } });

describe('a hold', () => {
  it('is set, changed, listed and lifted', async () => {
    await known('og/a');
    const period = { from: '2026-11-17T00:00:00Z', to: '2026-11-18T00:00:00.0001Z' };
    const set = await put('case-7', { label: 'og/a', ...period, reason: 'audit' });
    expect(set.status).toBe(201);
    hold.parse(set.json);
    expect(set.json).toMatchObject({
      name: 'case-7',
      label: 'og/a',
      from: '2026-11-17T00:00:00.000Z',
      to: '2026-11-18T00:00:00.001Z',
      reason: 'audit',
    });
    const changed = await put('case-7', { label: 'og/a', reason: 'all of it' });
    expect([changed.status, changed.json.from, changed.json.to]).toEqual([200, null, null]);
    expect((await service.ask('GET', '/api/v1/holds')).json).toEqual({
      items: [changed.json],
      nextCursor: null,
    });
    const lifted = await service.ask('DELETE', path('case-7'));
    expect([lifted.status, lifted.json]).toEqual([200, changed.json]);
    expect((await service.ask('GET', '/api/v1/holds')).json.items).toEqual([]);
  });

  it('that is not there is named by the one that was meant', async () => {
    await known('og/a');
    await put('incident', { label: 'og/a', reason: 'x' });
    const missing = await service.ask('DELETE', path('incidnet'));
    expectProblem(missing, 404, 'not-found');
    expect(missing.json.detail).toContain("did you mean 'incident'?");
  });

  it('is refused with what is wrong', async () => {
    await known('og/a');
    const sound = { label: 'og/a', reason: 'x' };
    expectProblem(await put('one', { ...sound, label: 'og/none' }), 404, 'unknown-label');
    expectFields(await put('one', { label: 'og/a' }), 'reason');
    expectFields(await put('one', { ...sound, reason: '' }), 'reason');
    expectFields(await put('one', { ...sound, until: 'x' }), 'until');
    const [from, to] = ['2026-11-18T00:00:00Z', '2026-11-17T00:00:00Z'];
    expectFields(await put('one', { ...sound, from, to }), 'to');
    expectFields(await put('one', { ...sound, from, to: from }), 'to');
    expectFields(await put('a%20b', sound), 'name');
  });

  it('needs an admin to be set or lifted, and anybody may know of it', async () => {
    const keyed = await serviceUnderTest({
      keys: (['read', 'ingest', 'review', 'admin'] as const).map((role) => ({
        role,
        secret: role,
      })),
    });
    const as = (role: string) => ({ authorization: `Bearer ${role}` });
    const body = { label: 'og/a', reason: 'x' };
    for (const role of ['read', 'ingest', 'review']) {
      expectProblem(await keyed.ask('PUT', path('one'), body, as(role)), 403, 'forbidden');
      expectProblem(await keyed.ask('DELETE', path('one'), undefined, as(role)), 403, 'forbidden');
      expect((await keyed.ask('GET', '/api/v1/holds', undefined, as(role))).status).toBe(200);
    }
    expectProblem(await keyed.ask('PUT', path('one'), body, as('admin')), 404, 'unknown-label');
  });
});
