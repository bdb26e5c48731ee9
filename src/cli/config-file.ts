/** Where settings may stand, in the folder where a person stands. */
export const CONFIG_FILE = 'underlabel.config.json';
