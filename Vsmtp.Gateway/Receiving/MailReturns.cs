using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Gateway.Receiving;

/// <summary>Tells the mails' grains what services bring back, or leave without.</summary>
internal sealed partial class MailReturns(IGrainFactory grains, GatewayOptions options, TimeProvider time, ILogger<MailReturns> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>
    /// Repeats the call where no answer comes, which is safe under the same content. Where none comes at all, the service may be told
    /// 4yz: its ticket was spent once or is still good, so the mail goes on once whatever became of the call.
    /// </summary>
    public async Task<ReturnAnswer> ReturnAsync(string mailId, DelegationReturn returned)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await grains.GetGrain<IMailGrain>(mailId).Return(returned).ConfigureAwait(false);
            }
            catch (Exception unknown) when (tries < options.AcceptTries)
            {
                LogNoAnswer(unknown, mailId, tries);
            }

            await Task.Delay(options.AcceptPause, time).ConfigureAwait(false);
        }
    }

    /// <param name="mailId">Whose ticket came with MAIL.</param>
    /// <param name="ticketHash">SHA-256 of the ticket.</param>
    /// <param name="beganAt">When MAIL came.</param>
    public Task LetGoAsync(string mailId, string ticketHash, DateTimeOffset beganAt) =>
        grains.GetGrain<IMailGrain>(mailId).LetGo(ticketHash, beganAt);

    [LoggerMessage(EventId = GatewayEvents.ReturnUnanswered, Level = LogLevel.Warning, Message = "{Mail}: its grain gave no answer to a return, try {Tries}")]
    private partial void LogNoAnswer(Exception unknown, string mail, int tries);
}
