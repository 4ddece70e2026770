export { checkFamily } from './checkFamily.js';
export type { FamilyLaws, LawCheck } from './laws.js';
