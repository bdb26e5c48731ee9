/** The package's version, as stamps name it. */
export const VERSION = '0.1.0';
