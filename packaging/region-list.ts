/** Regions, with commas between them. */
export const regionList = /^[a-z]{2,4}(-[a-z]+)+-\d(,[a-z]{2,4}(-[a-z]+)+-\d)*$/;
