export type Backend = 'sqlite' | 'postgresql';
