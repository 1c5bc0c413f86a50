"""Rules by what they are about; `policies.catalog` lists all of them."""
