/** What is wrong with a line; the parser adds the line's number. */
export class LineProblem extends Error {}
