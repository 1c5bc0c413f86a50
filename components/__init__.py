"""The components of a Moka environment: each area models one noun of Spark on Amazon EKS."""
