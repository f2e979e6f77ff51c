const MIB = 1024 * 1024;

/** What a package may cost us to read. Each is far above what a real course needs. */
export const PACKAGE_LIMITS = {
  /** The zip as it was uploaded. */
  zipBytes: 20 * MIB,
  /** All its files together, inflated. */
  totalBytes: 100 * MIB,
  /** One XML file, inflated. */
  fileBytes: 5 * MIB,
  /** One picture, sound or film. */
  mediaBytes: 20 * MIB,
  entries: 5_000,
  /** Inflated to compressed size, for files above `ratioFromBytes`: prose reaches about 10. */
  ratio: 200,
  ratioFromBytes: MIB,
} as const;

/** What one XML file may hold. */
export const XML_LIMITS = {
  depth: 60,
  elements: 200_000,
  attributesPerElement: 100,
} as const;

/** What one item may hold: bounds on the work of showing and scoring it. */
export const ITEM_LIMITS = {
  interactions: 100,
  choices: 200,
  correctValues: 200,
  mapEntries: 1_000,
  /** Responses, and as many outcomes. */
  declarations: 200,
  /** Elements of response processing. */
  ruleElements: 5_000,
  /** Coordinates of one area. */
  coordinates: 1_000,
  /** Rows of a lookup table. */
  tableRows: 1_000,
  identifierLength: 200,
  titleLength: 500,
} as const;
