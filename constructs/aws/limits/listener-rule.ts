/** Values that all conditions of one rule may have together ("Quotas for your Application Load Balancers"). */
export const mostConditionValues = 5;
