/** Services, jobs and the gateway. It reaches the internet: agents call models. */
export const appNetwork = 'app';

/** Databases and what may talk to them. It reaches nothing else, and the gateway is not on it. */
export const dataNetwork = 'data';
