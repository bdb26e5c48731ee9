/** Settings that say what would be accepted. */
import { z } from 'zod';
import { fieldErrors } from '../contract/path.ts';

/** A schema whose every failure says the same: what would be accepted. */
export function accepting<T>(schema: z.ZodType<T>, accepted: string) {
  return z.unknown().transform((value, context): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const path = parsed.error.issues[0]?.path ?? [];
    context.issues.push({ code: 'custom', message: accepted, input: value, path });
    return z.NEVER;
  });
}

const MOST_PROBLEMS = 10;

/** The schema of a list whose entries have fields: each problem names its entry and its field, in the schema's own words. */
export function explaining<T>(schema: z.ZodType<T>) {
  return z.unknown().transform((value, context): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const problems = Array.isArray(value)
      ? fieldErrors(parsed.error)
      : [{ path: '', message: 'expected a list' }];
    for (const { path, message } of problems.slice(0, MOST_PROBLEMS)) {
      const [, index, field] = /^(?:\[(\d+)\])?\.?(.*)$/s.exec(path)!;
      context.issues.push({
        code: 'custom',
        message: field ? `${field}: ${message}` : message,
        input: value,
        path: index === undefined ? [] : [Number(index)],
        params: { explained: true },
      });
    }
    return z.NEVER;
  });
}

/** An http(s) URL without a user. */
export const webUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
});

/** The same, without query and fragment: paths are put behind it. */
export const baseUrl = webUrl.refine((text) => !/[?#]/.test(text));
