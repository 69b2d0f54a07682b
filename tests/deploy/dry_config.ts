/** `config:diff` proposes, value by value, what a hosted project must have; nothing local, nothing half filled in. */
import assert from "node:assert/strict";
import { startManagementApi } from "./fake_management_api.ts";
import { Deployer } from "./supabase_deploy.ts";

const VARIABLES = {
  WEB_BASE_URL: "https://app.example.com",
  SMTP_HOST: "smtp.example.com",
  SMTP_USER: "mailer",
  SMTP_PASS: "not-shown-anywhere",
  SMTP_FROM: "no-reply@example.com",
};

/** All that a push brings to a project of which nothing is known yet. */
const PROPOSED = {
  "api.extra_search_path": ["public", "extensions"],
  "api.max_rows": 1000,
  "api.schemas": ["public"],
  "auth.additional_redirect_urls": [],
  "auth.email.double_confirm_changes": true,
  "auth.email.enable_confirmations": true,
  "auth.email.enable_signup": true,
  "auth.email.max_frequency": "1m0s",
  "auth.email.otp_expiry": 3600,
  "auth.email.otp_length": 8,
  "auth.email.secure_password_change": true,
  "auth.email.smtp.admin_email": "no-reply@example.com",
  "auth.email.smtp.enabled": true,
  "auth.email.smtp.host": "smtp.example.com",
  "auth.email.smtp.port": 587,
  "auth.email.smtp.sender_name": "InfraAudit",
  "auth.email.smtp.user": "mailer",
  "auth.enable_anonymous_sign_ins": false,
  "auth.enable_manual_linking": false,
  "auth.enable_refresh_token_rotation": true,
  "auth.enable_signup": true,
  "auth.jwt_expiry": 3600,
  "auth.mfa.max_enrolled_factors": 10,
  "auth.mfa.phone.enroll_enabled": false,
  "auth.mfa.phone.verify_enabled": false,
  "auth.mfa.totp.enroll_enabled": true,
  "auth.mfa.totp.verify_enabled": true,
  "auth.minimum_password_length": 10,
  "auth.password_requirements": "",
  "auth.rate_limit.anonymous_users": 1,
  "auth.rate_limit.email_sent": 30,
  "auth.rate_limit.sign_in_sign_ups": 30,
  "auth.rate_limit.token_refresh": 150,
  "auth.rate_limit.token_verifications": 30,
  "auth.refresh_token_reuse_interval": 10,
  "auth.site_url": "https://app.example.com",
  "auth.sms.enable_signup": false,
  "db.major_version": 17,
};

Deno.test("what a push of the configuration would change in a hosted project", async (t) => {
  await using api = startManagementApi();
  await using deployer = await Deployer.to(api);

  await t.step("every value is the one for production", async () => {
    const { code, stdout, talk } = await deployer.task(
      "config:diff",
      VARIABLES,
      "--output-format",
      "json",
    );
    assert.equal(code, 0, talk);
    const { changes, target, masked } = JSON.parse(stdout);
    // Not a block for one project that could fail to match, but the file as it stands.
    assert.equal(target.local_scope, "base");
    const proposed = changes.map(({ path, local }: { path: string[]; local: unknown }) => [
      Array.isArray(path) ? path.join(".") : path,
      local,
    ]);
    assert.deepEqual(Object.fromEntries(proposed), PROPOSED);
    assert.match(JSON.stringify(masked), /smtp.*pass/);
    assert.doesNotMatch(talk, /127\.0\.0\.1|localhost|env\(|not-shown-anywhere/);
  });

  for (
    const [fault, variables, said] of [
      ["a missing variable", { ...VARIABLES, SMTP_PASS: "" }, "SMTP_PASS is missing"],
      ["a local page", { ...VARIABLES, WEB_BASE_URL: "https://127.0.0.1" }, "WEB_BASE_URL must be"],
      ["an insecure page", { ...VARIABLES, WEB_BASE_URL: "http://app.example.com" }, "WEB_BASE_URL must be"],
      ["a page with a path", { ...VARIABLES, WEB_BASE_URL: "https://example.com/a" }, "WEB_BASE_URL must be"],
      ["a local mail server", { ...VARIABLES, SMTP_HOST: "localhost" }, "SMTP_HOST must be"],
      ["no sender's address", { ...VARIABLES, SMTP_FROM: "mailer" }, "SMTP_FROM must be"],
    ] as const
  ) {
    await t.step(`${fault} stops a push before it begins, and is named`, async () => {
      const { code, talk } = await deployer.task("config:push", variables);
      assert.equal(code, 1);
      assert.ok(talk.includes(`Nothing was changed: ${said}`), talk);
    });
  }

  await t.step("nothing was changed by looking", () => {
    assert.deepEqual(api.changes, []);
  });
});
