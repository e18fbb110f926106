/** Series of one metric that are kept together. */
export const GROUP_SIZE = 64;

/** A series is its place in a group; ids stay below 2^53. */
export const seriesId = (group: number, index: number): number => group * GROUP_SIZE + index;
export const groupOf = (id: number): number => Math.floor(id / GROUP_SIZE);
export const indexOf = (id: number): number => id % GROUP_SIZE;
