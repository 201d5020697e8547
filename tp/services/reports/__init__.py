"""Reports that staff asked the analysis platform for: recorded here, made there, followed until they are ready."""
