export { checkFamily } from './checkFamily.js';
export type { FamilyLaws, LawCheck, OptionalMember } from './laws.js';
