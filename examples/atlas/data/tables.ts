/** Tables of counts and short lists that were printed in books and papers. */

/** The values 0, 1, 2, … each as often as its count says; the first value may be another. */
export function valuesOf(counts: readonly number[], first = 0): number[] {
  return counts.flatMap((count, i) => new Array<number>(count).fill(first + i));
}

/** Deaths by kicks of horses, per corps and year, in the Prussian army (Bortkiewicz 1898): 200 of 0 to 4. */
export const horseKicks = [109, 65, 22, 3, 1];

/** Alpha particles in 2608 intervals of 7.5 seconds, 0 to 14 (Rutherford & Geiger 1910). */
export const alphaParticles = [57, 203, 383, 525, 532, 408, 273, 139, 45, 27, 10, 4, 0, 1, 1];

/** Yeast cells in the squares of a haemocytometer, 0 to 5 (Student 1907, first series). */
export const yeastCells = [213, 128, 37, 18, 3, 1];

/** European red mites on 150 apple leaves, 0 to 7 (Bliss & Fisher 1953). */
export const redMites = [70, 38, 17, 10, 9, 3, 2, 1];

/** Accidents of 647 women working on shells, 0 to 5 (Greenwood & Yule 1920). */
export const accidents = [447, 132, 42, 21, 3, 2];

/** Boys among the 12 children of 6115 families in Saxony, 0 to 12 (Geissler 1889). */
export const boys = [3, 24, 104, 286, 670, 1033, 1343, 1112, 829, 478, 181, 45, 7];

/** Dice that showed 5 or 6, of 12, in 26306 throws by Weldon, 0 to 12 (Pearson 1900). */
export const weldonsDice = [185, 1149, 3265, 5475, 6114, 5194, 3067, 1331, 403, 105, 14, 4, 0];

/** Millions of revolutions before 23 ball bearings failed (Lieblein & Zelen 1956). */
export const ballBearings = [
  17.88, 28.92, 33.0, 41.52, 42.12, 45.6, 48.4, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64, 68.88, 84.12, 93.12,
  98.64, 105.12, 105.84, 127.92, 128.04, 173.4,
];

/** Steps between vowels and consonants among 20,000 letters of Eugene Onegin, from and to (Markov 1913). */
export const onegin = { vowel: { vowel: 1104, consonant: 7534 }, consonant: { vowel: 7535, consonant: 3827 } };

/** Slides of 118 cervices by the pathologists A to G who saw carcinoma, and how many slides had each pattern (Agresti 2002, table 13.1). */
export const carcinoma: Readonly<Record<string, number>> = {
  '0000000': 34,
  '0000100': 2,
  '0100000': 6,
  '0100001': 1,
  '0100100': 4,
  '0100101': 5,
  '1000000': 2,
  '1010101': 1,
  '1100000': 2,
  '1100001': 1,
  '1100100': 2,
  '1100101': 7,
  '1100111': 1,
  '1101001': 1,
  '1101101': 2,
  '1101111': 3,
  '1110101': 13,
  '1110111': 5,
  '1111101': 10,
  '1111111': 16,
};

/** Answers of 216 students to four questions on role conflict, 1 universalistic, and how many gave each (Stouffer & Toby 1951). */
export const roleConflict: Readonly<Record<string, number>> = {
  '1111': 42,
  '1110': 23,
  '1101': 6,
  '1100': 25,
  '1011': 6,
  '1010': 24,
  '1001': 7,
  '1000': 38,
  '0111': 1,
  '0110': 4,
  '0101': 1,
  '0100': 6,
  '0011': 2,
  '0010': 9,
  '0001': 2,
  '0000': 20,
};
