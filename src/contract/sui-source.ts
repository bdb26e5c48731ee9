/** The source `sui-object`: which object on Sui says what is under a label, and where in it. */
import { z } from 'zod';
import { fieldNameProblem } from './field-name.ts';
import { filePath } from './manifest.ts';
import { moveAddress, moveStruct, moveType } from './move-type.ts';

const LONGEST_NAME = 500;

const objectId = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/, 'expected an object id: 0x and up to 64 hex digits')
  .overwrite((text) => moveAddress(text) ?? text)
  .meta({ description: 'The id of an object on Sui' });

const objectType = z
  .string()
  .refine((text) => moveStruct(text) !== null, {
    message:
      'expected the Move type of an object, type arguments included, such as 0x2f…::registry::Registry<u64>',
  })
  .overwrite((text) => moveStruct(text) ?? text)
  .meta({ description: 'The Move type that the object must have' });

const nameType = z
  .string()
  .refine((text) => moveType(text) !== null, {
    message: 'expected a Move type, such as 0x1::string::String',
  })
  .overwrite((text) => moveType(text) ?? text);

const fieldPath = z
  .string()
  .max(300)
  .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,15}$/, {
    message: 'expected names of fields with dots between them, such as models.latest',
  });

const dynamicField = z
  .strictObject({
    type: nameType.meta({ description: "The Move type of the field's name" }),
    value: z
      .string()
      .max(LONGEST_NAME)
      .refine((text) => text.isWellFormed(), 'holds a lone surrogate')
      .meta({ description: "The field's name" }),
    in: fieldPath
      .optional()
      .meta({ description: 'Where in the object the Table or Bag is that has the field' }),
  })
  .superRefine(({ type, value }, context) => {
    const problem = moveType(type) === null ? null : fieldNameProblem(type, value);
    if (problem) {
      context.addIssue({ code: 'custom', path: [problem.field], message: problem.message });
    }
  });

const attribute = z
  .string()
  .min(1)
  .max(LONGEST_NAME)
  .refine((text) => text.isWellFormed(), 'holds a lone surrogate');

export const suiObjectSource = z
  .strictObject({
    kind: z.literal('sui-object'),
    object: objectId,
    type: objectType.optional(),
    field: fieldPath.optional().meta({ description: 'Where its Blob IDs are: a path in its JSON' }),
    dynamicField: dynamicField.optional(),
    attribute: attribute
      .optional()
      .meta({ description: 'The attribute of a Walrus Blob whose text is a Blob ID' }),
    path: filePath
      .optional()
      .meta({ description: 'The path of a file that has none of its own; blob by default' }),
    network: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/,
        'expected mainnet, testnet or the name of another network',
      )
      .optional()
      .meta({ description: 'Readings of another network fail' }),
  })
  .superRefine((source, context) => {
    for (const [field, message] of misfits(source)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });

interface Given {
  type?: string | undefined;
  field?: string | undefined;
  attribute?: string | undefined;
  dynamicField?: { in?: string | undefined } | undefined;
}

/** Which of the fields don't go together, and why. */
function misfits({ type, field, dynamicField, attribute }: Given): [string, string][] {
  if (attribute !== undefined) {
    const others = Object.entries({ type, field, dynamicField });
    const message = 'an attribute is one of a Walrus Blob; leave this out, or leave out attribute';
    return others.flatMap(([name, given]) => (given === undefined ? [] : [[name, message]]));
  }
  const path = dynamicField ? dynamicField.in : field;
  if (type === undefined && path !== undefined) {
    const name = dynamicField ? 'dynamicField.in' : 'field';
    return [['type', `required: ${name} is a path in objects of one Move type; say which`]];
  }
  if (type !== undefined && field === undefined && !dynamicField) {
    const message =
      "a Walrus blob's type is known; leave it out, or say with field or dynamicField what to read";
    return [['type', message]];
  }
  return [];
}
