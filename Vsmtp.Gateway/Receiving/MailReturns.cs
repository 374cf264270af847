using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Gateway.Messages;

namespace Vsmtp.Gateway.Receiving;

/// <summary>Tells the mails' grains what services bring back, or leave without.</summary>
internal sealed partial class MailReturns(IGrainFactory grains, PatientCall calls, ILogger<MailReturns> logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>
    /// Repeats the call where no answer comes, which is safe under the same content. Where none comes at all, the service may be told
    /// 4yz: its ticket was spent once or is still good, so the mail goes on once whatever became of the call.
    /// </summary>
    public Task<ReturnAnswer> ReturnAsync(string mailId, DelegationReturn returned) =>
        calls.RunAsync(() => grains.GetGrain<IMailGrain>(mailId).Return(returned), unknown => LogNoAnswer(unknown, mailId));

    /// <param name="mailId">Whose ticket came with MAIL.</param>
    /// <param name="ticketHash">SHA-256 of the ticket.</param>
    /// <param name="beganAt">When MAIL came.</param>
    public Task LetGoAsync(string mailId, string ticketHash, DateTimeOffset beganAt) =>
        grains.GetGrain<IMailGrain>(mailId).LetGo(ticketHash, beganAt);

    [LoggerMessage(EventId = GatewayEvents.ReturnUnanswered, Level = LogLevel.Warning, Message = "{Mail}: its grain gave no answer to a return")]
    private partial void LogNoAnswer(Exception unknown, string mail);
}
