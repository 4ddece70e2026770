export type { FamilyLaws, LawCheck } from './checkFamily.js';
export { checkFamily } from './checkFamily.js';
