import { z } from 'zod';
import type { BodyNode } from '../items/body.js';
import { multipleChoice, singleChoice, trueFalse } from './choice-types.js';
import { cTest, openCloze } from './cloze-types.js';
import { errorSpotting } from './error-spotting.js';
import { passage, playedMedia } from './fields.js';
import { gapFill } from './gap-fill.js';
import { itemType } from './item-type.js';
import { mediaNodes } from './media-nodes.js';
import { categorise, matching, matrix } from './pair-types.js';
import { wordBank } from './word-bank.js';
import { wordOrder } from './word-order.js';
import { dictation, essay, paper, shortAnswer, speaking } from './written-types.js';

/** Every item type that asks one thing. */
export const QUESTION_TYPES = [
  singleChoice,
  multipleChoice,
  trueFalse,
  matrix,
  gapFill,
  wordBank,
  openCloze,
  cTest,
  wordOrder,
  matching,
  categorise,
  errorSpotting,
  shortAnswer,
  dictation,
  essay,
  speaking,
  paper,
];

const schemas = QUESTION_TYPES.map((one) => one.questionSchema as z.ZodObject);

/** A question of any type within a larger item; it has neither identifier nor title. */
const question = z.discriminatedUnion('type', schemas as [z.ZodObject, ...z.ZodObject[]]);

export const listening = itemType({
  type: 'listening',
  about: 'A recording, with a limit of plays if wanted, and questions about it.',
  fields: {
    recording: playedMedia,
    transcript: passage.optional().describe('what is said; shown with the released answers'),
    questions: z.array(question).min(1).max(30),
  },
  compile({ recording, transcript, questions }, draft) {
    if (transcript !== undefined) draft.transcript = transcript;
    if (recording.mediaType.startsWith('image/')) draft.fault('/recording', 'cannot be heard');
    const shown: BodyNode[] = mediaNodes([{ maxPlays: 0, ...recording }], draft, '/recording');
    questions.forEach((source, index) => {
      const type = QUESTION_TYPES.find((one) => one.type === source.type);
      draft.within(`/questions/${index}`, () => {
        if (type !== undefined) shown.push(...type.compile(source, draft));
      });
    });
    return shown;
  },
});
