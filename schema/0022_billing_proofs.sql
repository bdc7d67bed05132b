-- Which payment shows this file: asked for every file that might be swept.
CREATE INDEX manual_payments_proof ON manual_payments (proof_media_id);
