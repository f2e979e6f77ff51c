import { roundPoints, sumPoints } from '@parlance/kernel';
import type { FieldFault } from '@parlance/kernel';
import type { BodyNode } from '../items/body.js';
import type { Interaction } from '../items/delivery.js';
import type { PartScoring } from '../items/part-scoring.js';
import type { ChoiceFeedback, PartSpec, ResponseDeclaration } from '../items/scoring-spec.js';

/** A scored part as an item type describes it. */
export interface DraftPart {
  interaction: Interaction;
  declared: Pick<ResponseDeclaration, 'cardinality' | 'baseType' | 'correct'>;
  scoring: PartScoring;
  /** What the author says this part is worth. */
  points?: number;
  /** What it is worth beside the others where the author does not say; 1 if left out. */
  weight?: number;
  maxValues?: number;
  choiceFeedback?: ChoiceFeedback[];
}

/** An item while an item type puts it together; what is wrong is collected, not thrown. */
export class ItemDraft {
  readonly interactions: Interaction[] = [];
  readonly responses: ResponseDeclaration[] = [];
  readonly parts: PartSpec[] = [];
  readonly faults: FieldFault[] = [];
  readonly warnings: string[] = [];
  /** Of the recording; shown with the answers. */
  transcript?: string;
  private count = 0;
  private at = '';

  /** @param identifier of the item; ids that are drawn are drawn from it. */
  constructor(readonly identifier: string) {}

  nextResponseId(): string {
    this.count += 1;
    return `R${this.count}`;
  }

  fault(path: string, detail: string): void {
    this.faults.push({ pointer: this.at + path, detail });
  }

  warn(detail: string): void {
    this.warnings.push(this.at === '' ? detail : `${this.at.slice(1)}: ${detail}`);
  }

  /** Faults found meanwhile are of a member of the source. */
  within(path: string, work: () => void): void {
    const before = this.at;
    this.at += path;
    work();
    this.at = before;
  }

  /** An interaction without a part of its own, such as a sound; gives where it stands in a body. */
  show(interaction: Interaction): BodyNode {
    this.interactions.push(interaction);
    return { kind: 'interaction', responseId: interaction.responseId };
  }

  /** Adds a scored part; gives where its interaction stands in a body. */
  part({ interaction, declared, scoring, points, weight = 1, ...rest }: DraftPart): BodyNode {
    const { responseId } = interaction;
    const { maxValues, choiceFeedback = [] } = rest;
    this.responses.push({ identifier: responseId, ...declared });
    this.parts.push({
      responseId,
      pointsPossible: points ?? weight,
      humanScored: scoring.kind === 'human',
      ...(maxValues === undefined ? {} : { maxValues }),
      scoring,
      ...(choiceFeedback.length === 0 ? {} : { choiceFeedback }),
    });
    return this.show(interaction);
  }

  get pointsPossible(): number {
    return sumPoints(this.parts.map((part) => part.pointsPossible ?? 0));
  }

  /**
   * Makes the parts from `from` on worth `points` together, in the ratio they have. What does not
   * divide goes to the first parts, a millionth each, so that the sum is what the author said.
   */
  sharePoints(points: number, from = 0): void {
    const parts = this.parts.slice(from);
    const weights = parts.map((part) => part.pointsPossible ?? 0);
    const total = sumPoints(weights);
    const millionths = Math.round(points * 1e6);
    const shares = weights.map((weight) => Math.floor((millionths * weight) / total));
    const rest = millionths - shares.reduce((sum, share) => sum + share, 0);
    parts.forEach((part, index) => {
      part.pointsPossible = roundPoints(((shares[index] ?? 0) + (index < rest ? 1 : 0)) / 1e6);
    });
  }
}
