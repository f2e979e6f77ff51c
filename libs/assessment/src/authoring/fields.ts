import { storableText } from '@parlance/kernel';
import { z } from 'zod';
import { MAX_TRIES } from '../items/scoring-spec.js';
import { MAX_PATTERN_LENGTH } from '../text/variants.js';

/** More than any item is worth. */
export const MAX_ITEM_POINTS = 1_000;
export const MAX_CHOICES = 50;

const cleaned = (text: string) => storableText(text).normalize('NFC');

/** A text that says something; control characters and lone surrogates are taken out. */
export function text(max: number) {
  return z
    .string()
    .max(max)
    .transform(cleaned)
    .refine((value) => value.trim() !== '', 'must not be empty');
}

export const phrase = text(500);
export const prompt = text(4_000);
export const passage = text(50_000).describe('paragraphs with an empty line between them');

/** Names an item within its bank, and a choice within its item. */
export const identifier = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a letter, then letters, digits, _ or -');

/** A choice keeps its id when the item is corrected; one left out is given out by place. */
export const choiceId = identifier
  .refine(
    (id) => !/correct|right|wrong|key|answer|solution|true|false|distract/i.test(id),
    'must not tell whether the choice is right, as learners get it',
  )
  .describe('left out, an id is drawn from the place of the choice')
  .optional();

/** Said to whoever chooses it, with the released feedback or after a try. */
export const choiceFeedback = text(1_000)
  .describe('said to whoever chooses it, right or wrong')
  .optional();

/** The same for pairs: by the text of what is paired with it. */
export const pairFeedback = z
  .array(z.strictObject({ answer: phrase, text: text(1_000) }))
  .max(MAX_CHOICES)
  .default([])
  .describe('said to whoever pairs it with that answer');

export const points = z.number().positive().max(MAX_ITEM_POINTS).multipleOf(0.000001);

export const media = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  mediaType: z.string().regex(/^(image|audio|video)\/[a-z0-9.+-]{1,100}$/, 'must be a media type'),
  sizeBytes: z.int().positive(),
  durationSeconds: z.number().positive().optional(),
  alt: text(1_000).optional().describe('for those who cannot see or hear it; not the key'),
});

/** A sound or film; with a limit of plays the server counts them. */
export const playedMedia = media.extend({
  minPlays: z.int().min(0).max(20).optional(),
  maxPlays: z.int().min(0).max(20).optional().describe('0 is no limit'),
});

export const stimulus = z.strictObject({ title: phrase, text: passage });

const rubricLevel = z.strictObject({
  id: identifier,
  title: phrase,
  description: z.string().max(2_000).transform(cleaned).default(''),
  points: z.number().min(-MAX_ITEM_POINTS).max(MAX_ITEM_POINTS).multipleOf(0.000001),
});

export const rubric = z.strictObject({
  title: phrase,
  criteria: z
    .array(
      z.strictObject({
        id: identifier,
        title: phrase,
        levels: z.array(rubricLevel).min(2).max(20),
      }),
    )
    .min(1)
    .max(20),
  minPoints: z.number().min(-MAX_ITEM_POINTS).max(MAX_ITEM_POINTS).default(0),
  maxPoints: points,
});

const pattern = text(MAX_PATTERN_LENGTH);

/** Right answers: a pattern is worth all, or a share of the points. */
export const accepted = z.union([
  pattern,
  z.strictObject({ pattern, share: z.number().gt(0).max(1) }),
]);
export const acceptedList = z.array(accepted).min(1).max(50);

export const rejectedList = z
  .array(z.strictObject({ pattern, feedback: text(1_000) }))
  .max(50)
  .describe('wrong answers that deserve a word of their own');

export const typedOptions = z.strictObject({
  ignoreCase: z.boolean().optional(),
  ignoreFinalPunctuation: z.boolean().optional(),
  spelling: z.enum(['any', 'en-GB', 'en-US']).optional(),
  contractions: z.boolean().optional(),
  typos: z
    .strictObject({
      accept: z.boolean().optional(),
      share: z.number().gt(0).max(1).optional(),
      contrasts: z.array(phrase).max(50).optional(),
    })
    .optional(),
});

/** What every item type has, beside its type. */
export const itemFields = {
  identifier,
  title: phrase,
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a BCP 47 language tag')
    .default('en'),
  stimulus: stimulus.optional(),
};

/** For a whole item, as its parts are tried together. */
export const tries = z
  .strictObject({
    max: z.int().min(2).max(MAX_TRIES),
    showPoints: z.boolean().default(false).describe('after each try; else only what is said'),
  })
  .optional()
  .describe('the learner hears after a try what the author says to it; left out, at the end');

/** What an item type has also as a question of a listening item. */
export const questionFields = {
  points: points.optional().describe('of the whole; left out, each part is worth 1'),
  instructions: prompt.optional(),
  media: z.array(playedMedia).max(10).default([]),
};
