"""Who may come in: people by sessions and links, systems by tokens of ours and of an identity provider."""

from functools import cached_property

from adapters.identity.attempts import PostgresAttempts
from adapters.identity.links import PostgresLinks
from adapters.identity.oidc_clients import PostgresClients
from adapters.identity.sessions import PostgresSessions
from adapters.identity.tokens import PostgresTokens
from application.oidc_clients import ClientGrants, KeepingClients
from application.signing_in import SigningIn
from application.tokens import KeepingTokens
from web.wiring.answering import Answering


class Identity(Answering):
    """Parts are made when they are first asked for."""

    @cached_property
    def signing_in(self) -> SigningIn:
        return SigningIn(
            self.accounts,
            PostgresSessions(self.pool),
            PostgresLinks(self.pool),
            PostgresTokens(self.pool),
            PostgresAttempts(self.pool),
            self.passwords,
            self.clock,
            self.client_grants,
        )

    @cached_property
    def client_grants(self) -> ClientGrants | None:
        """None where no identity provider is set."""
        issuer, audience = self.settings.oidc_issuer, self.settings.oidc_audience or self.settings.base_url
        if not issuer:
            return None
        # PyJWT is imported only where a provider is set
        from adapters.identity.oidc_keys import ProviderKeys  # noqa: PLC0415
        from adapters.identity.oidc_tokens import JwtAccessTokens, RefusalLog  # noqa: PLC0415

        tokens = JwtAccessTokens(issuer, audience, ProviderKeys(issuer))
        return ClientGrants(issuer, tokens, PostgresClients(self.pool), RefusalLog())

    def provider_fault(self) -> str:
        """Why the identity provider gives no keys, asked now; empty where it does."""
        from adapters.identity.oidc_provider import ProviderFault, fetched_keys  # noqa: PLC0415 - see above

        try:
            fetched_keys(self.settings.oidc_issuer)
        except ProviderFault as fault:
            return str(fault)
        return ""

    @cached_property
    def keeping_clients(self) -> KeepingClients:
        return KeepingClients(PostgresClients(self.pool), self.accounts, self.settings.oidc_issuer, self.clock)

    @cached_property
    def keeping_tokens(self) -> KeepingTokens:
        return KeepingTokens(PostgresTokens(self.pool), self.accounts, self.clock)
