"""Annual appraisals: convened in time, held, notified in time; read by the person and whoever appraises her."""
