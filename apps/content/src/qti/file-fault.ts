/** Why one file of a package is refused; the rest of the package is read all the same. */
export class FileFault extends Error {
  constructor(
    /** A sentence for the person who uploaded the package. */
    readonly reason: string,
    /** From 1, where the file has lines. */
    readonly line?: number,
  ) {
    super(reason);
    this.name = 'FileFault';
  }
}
