export const handler = async () => {
  throw new Error('to be written');
};
