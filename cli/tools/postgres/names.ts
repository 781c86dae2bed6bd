/** The superuser of every local database server. Used to administer it, never by the agent. */
export const adminRole = 'agentctl_admin';
