/** Something that went wrong, by its name and in words. */
import { z } from 'zod';

export const failure = z.strictObject({ code: z.string(), message: z.string() });
