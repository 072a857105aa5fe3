"""The frame that rules are written in: reading properties, stating a rule, and handing rules to the SDK."""
