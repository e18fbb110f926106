/** Outside text as every database takes it in a text column: PostgreSQL refuses NUL and broken UTF-16. */
export const columnText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();
