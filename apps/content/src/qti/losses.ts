/** What kind of thing an item lost or had changed, as a stable name. */
export type LossCode =
  /** Code, styles, forms, frames and links to other files: never taken over. */
  | 'code-left-out'
  /** An element outside the allow-list gave up its name and kept its words. */
  | 'element-unwrapped'
  | 'attribute-left-out'
  /** Feedback is not shown before scoring, so it has no place in a delivery. */
  | 'feedback-left-out'
  /** Of an adaptive item: said after a try, and no longer at its place in the text. */
  | 'feedback-moved'
  /** Catalogs, glossaries and materials for other readers than the learner's. */
  | 'catalog-left-out'
  /** A picture that lies outside the package. */
  | 'external-media-left-out'
  | 'captions-left-out'
  | 'input-pattern-left-out'
  | 'limit-raised'
  | 'limit-left-out'
  | 'case-assumed'
  | 'keys-overlap'
  | 'answer-not-asked'
  | 'answers-not-scored'
  | 'sole-answer-taken'
  | 'maximum-assumed'
  | 'key-below-maximum'
  | 'scored-by-a-person'
  | 'condition-left-out'
  | 'section-left-out'
  | 'item-left-out'
  | 'time-limit-left-out'
  | 'selection-changed'
  | 'version-assumed'
  /** Export: what QTI cannot say. */
  | 'tries-left-out'
  | 'typed-tolerance-left-out'
  | 'variants-left-out'
  | 'partial-credit-left-out'
  | 'dictation-left-out'
  | 'word-limits-left-out'
  | 'rubric-as-text'
  | 'recording-as-upload'
  | 'paper-as-essay'
  | 'layout-left-out'
  | 'media-missing'
  /** A table of items: what an author should look at, though the item can be used. */
  | 'authoring-note';

/** Something an item or a test was without, or had otherwise, after import or export. */
export interface Loss {
  code: LossCode;
  /** A sentence for whoever imports or exports. */
  detail: string;
  /** From 1, in the file it was read from. */
  line?: number;
}

/** The losses of one file as they are found. */
export class Losses {
  readonly list: Loss[] = [];

  add(code: LossCode, detail: string, line?: number): void {
    this.list.push({ code, detail, ...(line === undefined ? {} : { line }) });
  }
}

/** A loss as one sentence, for who reads and not counts. */
export function sentenceOf({ detail, line }: Loss): string {
  return line === undefined ? detail : `Line ${line}: ${detail}`;
}
