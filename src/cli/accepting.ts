/** Settings that say what would be accepted. */
import { z } from 'zod';

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

/** An http(s) URL without a user. */
export const webUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
});

/** The same, without query and fragment: paths are put behind it. */
export const baseUrl = webUrl.refine((text) => !/[?#]/.test(text));
