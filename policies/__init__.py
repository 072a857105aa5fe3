"""The platform's Pulumi policy pack: what no stack may do. Needs nothing from components/."""
